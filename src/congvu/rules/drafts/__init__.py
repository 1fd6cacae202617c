"""Versions of books that the agency writes itself, from a draft to the day on which they bind.

Vietnamese and Kazakh: soạn thảo quy tắc, ережелерді жазу.
"""
