"""The addresses of the witness (C2SP tlog-witness): its submission prefix, and what may be read."""

from django.urls import path

from congvu.ledger.web import witness

app_name = "witness"
urlpatterns = [
    path("add-checkpoint", witness.add_checkpoint, name="add-checkpoint"),
    path("key", witness.key, name="key"),
    path("checkpoint", witness.checkpoint, name="checkpoint"),
    path("checkpoints", witness.checkpoints, name="checkpoints"),
    path("conflicts", witness.conflicts, name="conflicts"),
]
