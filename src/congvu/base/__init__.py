"""What every package stands on (vi: nền tảng; kk: негіз): clock, database, storage, search; nothing of the domain."""
