"""Sentences of Django and django-allauth where they are silent or wrong in our readers' languages: catalogs only."""
