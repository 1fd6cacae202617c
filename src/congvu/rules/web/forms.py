"""What is asked when an agency decides: from when, under which document, how much."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.rules import words
from congvu.rules.book import Parameter

NUMBER = 80


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DecisionForm(forms.Form):
    """A decision of the agency, with its day and the number of the document that holds it."""

    valid_from = forms.DateField(
        label=_("From this day on"),
        help_text=_("Today or later. What happened before is not judged by it."),
        widget=_Day(),
    )
    number = forms.CharField(
        label=_("Number of the deciding document"),
        help_text=_("For example 12/QĐ-UBND."),
        max_length=NUMBER,
        required=False,
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # -- Django's own arguments pass through
        self.fields["valid_from"].initial = today
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()


class ParameterForm(DecisionForm):
    """How much, inside the bounds of the book."""

    value = forms.IntegerField(label=_("Value"))
    field_order = ("value", "valid_from", "number")

    def __init__(self, *args: object, today: date, bounds: Parameter, **kwargs: object) -> None:
        super().__init__(*args, today=today, **kwargs)
        value = self.fields["value"]
        value.help_text = _("From %(least)s to %(most)s.") % {
            "least": words.amount(bounds.at_least, bounds.unit),
            "most": words.amount(bounds.at_most, bounds.unit),
        }
        value.widget.attrs |= {"min": bounds.at_least, "max": bounds.at_most, "inputmode": "numeric"}


class DayForm(forms.Form):
    """A day that the agency closes, or works."""

    day = forms.DateField(label=_("Day"), help_text=_("Today or later."), widget=_Day())
    is_closed = forms.ChoiceField(
        label=_("What happens on that day"),
        choices=[
            ("closed", _("The agency is closed: its hours do not count and no window opens.")),
            ("working", _("The agency works, although the calendar says that it does not.")),
        ],
        initial="closed",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Everybody in the agency can read it."), max_length=200
    )
    number = forms.CharField(
        label=_("Number of the deciding document"),
        help_text=_("For example 12/QĐ-UBND."),
        max_length=NUMBER,
        required=False,
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # -- Django's own arguments pass through
        self.fields["day"].widget.attrs["min"] = today.isoformat()
