"""Open311 GeoReport v2 (vi: chuẩn Open311; kk: Open311 стандарты): its documents, and the two ways of writing them."""
