"""An official's day and a unit's page (vi: bàn làm việc; kk: жұмыс үстелі)."""
