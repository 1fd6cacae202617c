"""Versions of books that the agency writes itself, until the day on which they bind (vi: dự thảo; kk: жоба)."""
