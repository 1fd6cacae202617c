"""Citizens' photos and files made fit to keep and to show (vi: ảnh, tệp của người dân; kk: азаматтардың суреттері)."""
