"""Pages and forms of the directory."""
