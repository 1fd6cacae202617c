"""Components and base templates (vi: giao diện; kk: интерфейс): knows no domain. WCAG 2.2."""
