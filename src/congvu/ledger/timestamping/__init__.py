"""Time from outside: an authority's stamp over a checkpoint each day, renewed in time. RFC 3161, RFC 4998."""
