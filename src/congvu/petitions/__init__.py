"""What citizens ask and get answered (vi: phản ánh, kiến nghị 1022; kk: азаматтардың өтініштері). Open311 GeoReport v2."""
