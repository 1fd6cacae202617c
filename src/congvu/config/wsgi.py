"""The web application as WSGI (PEP 3333), for Granian."""

import os

from django.core.wsgi import get_wsgi_application

from congvu.base.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congvu.config.settings")
end_with_parent()  # a worker is nothing without Granian's own process
application = get_wsgi_application()
