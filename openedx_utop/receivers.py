"""What the product hears: completions, grades, its own presence and awards."""
