"""What others built for the same purpose, started beside ours: own configuration, own folders, stopped by their id."""
