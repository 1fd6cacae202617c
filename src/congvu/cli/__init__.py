"""The command congvu <noun> <verb> (vi: dòng lệnh; kk: пәрмен жолы)."""
