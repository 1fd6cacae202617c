"""The door for other programs (vi: cổng kết nối Open311; kk: бағдарламаларға арналған есік). Open311 GeoReport v2."""
