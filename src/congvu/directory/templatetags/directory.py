"""`{% load directory %}`: the words for a post's functions and rank."""

from django import template

from congvu.directory import words
from congvu.directory.models import Function, Post, Rank

register = template.Library()


@register.filter
def function_words(post: Post) -> list[str]:
    """Return the words for a post's functions."""
    return [str(words.FUNCTIONS[Function(one)]) for one in post.functions]


@register.filter
def rank_word(post: Post) -> str:
    """Return the word for a post's rank."""
    return str(words.RANKS[Rank(post.rank)])


@register.filter
def column_word(column: str) -> str:
    """Return the word for a column of a table of people."""
    return str(words.COLUMNS[column])
