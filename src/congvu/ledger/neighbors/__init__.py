"""Logs of others that are witnessed here (vi: nhật ký láng giềng; kk: көрші журнал). C2SP tlog-witness."""
