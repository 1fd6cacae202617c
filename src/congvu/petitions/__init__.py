"""What citizens ask, and the answers (vi: phản ánh, kiến nghị 1022; kk: өтініштер). Open311 GeoReport v2."""
