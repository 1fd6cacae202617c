"""What citizens ask, and the answers (vi: phản ánh, kiến nghị; kk: өтініш). Open311 GeoReport v2."""
