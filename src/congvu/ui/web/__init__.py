"""The gallery of components and the refusals that have no page of their own."""
