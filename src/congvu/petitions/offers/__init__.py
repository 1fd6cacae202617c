"""Services to begin with, as data: one file for a country (vi: lĩnh vực mẫu; kk: бастапқы қызметтер)."""
