"""Acts of disposal: who decided, what stops it, and the destruction itself."""
