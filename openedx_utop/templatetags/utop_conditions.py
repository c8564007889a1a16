"""What is missing, in templates."""

from django import template

from openedx_utop.training.wording import sentence

register = template.Library()

register.filter("sentence", sentence)
