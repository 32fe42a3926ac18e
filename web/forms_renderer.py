"""Forms in the markup of the design system."""

from django.forms.renderers import TemplatesSetting


class WijkRenderer(TemplatesSetting):
    """Fields with label, hint and error where they belong; see templates/forms."""

    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"
