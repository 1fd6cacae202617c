"""How the pages of 1022 look to axe, to pa11y and to Lighthouse: a walk through all of them, and what each tool finds."""
