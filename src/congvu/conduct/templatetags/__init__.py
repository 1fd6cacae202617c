"""Tags for templates (vi: thẻ mẫu; kk: үлгі тегтері)."""
