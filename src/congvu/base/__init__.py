"""What every package stands on (vi: nền tảng; kk: негіз): clock, database, storage, search index, handles. Nothing of the domain."""
