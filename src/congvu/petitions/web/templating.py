"""Templates of answers: who takes petitions in, clerks and heads write them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.directory.web.access import SeatedRequest, allowed
from congvu.petitions.actions import templating
from congvu.petitions.models import Service
from congvu.petitions.policies import may_set_templates
from congvu.petitions.queries import templates as queries
from congvu.petitions.web.setting_forms import TemplateForm

writing = allowed(may_set_templates)


@writing
@require_safe
def templates(request: SeatedRequest) -> HttpResponse:
    """List the templates."""
    context = {"templates": queries.listed(queries.templates(request.seat.agency))}
    return render(request, "petitions/desk/templates.html", context)


@writing
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: SeatedRequest, template: str | None = None) -> HttpResponse:
    """Write a template, or change it."""
    agency = request.seat.agency
    row = get_object_or_404(queries.templates(agency), handle=template) if template else None
    services = Service.objects.filter(agency=agency).order_by("position", "code")
    form = TemplateForm(request.POST or None, services=services, row=row)
    if form.is_valid():
        service = form.services.get(form.cleaned_data["service"])
        name, texts = form.cleaned_data["name"], form.texts("text")
        try:
            templating.set_template(by=request.seat, name=name, texts=texts, service=service, row=row)
        except templating.TakenNameError:
            form.add_error("name", _("Another template has this name."))
        else:
            messages.success(request, _("The template is kept."))
            return redirect("petitions:templates")
    context = {"form": form, "template": row}
    return render(request, "petitions/desk/template.html", context, status=422 if form.errors else 200)


@writing
@require_POST
def delete(request: SeatedRequest, template: str) -> HttpResponse:
    """Take a template away."""
    row = get_object_or_404(queries.templates(request.seat.agency), handle=template)
    templating.delete_template(row, by=request.seat)
    messages.success(request, _("The template is gone; answers made from it stay."))
    return redirect("petitions:templates")
