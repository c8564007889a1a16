"""System checks that tell the operator what is missing."""
