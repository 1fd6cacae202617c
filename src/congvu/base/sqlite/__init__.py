"""SQLite as the database: Django's own engine, whose journal is kept whole on a disk that fails."""
