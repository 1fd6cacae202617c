"""What Dovecot must be told so that Congvu can deliver to it and read its log. Dovecot 2.3 (Debian bookworm)."""

EVENTS = r"""
mail_plugins = $mail_plugins notify mail_log
plugin {
  mail_log_events = delete undelete expunge save copy mailbox_delete mailbox_rename flag_change
  mail_log_fields = uid box msgid size flags
}
imap_id_log = *
event_exporter congvu {
  format = json
  format_args = time-rfc3339
  transport = log
}
metric congvu_reading {
  exporter = congvu
  filter = (event=mail_opened AND (reason_code=imap:fetch_body OR reason_code=pop3:cmd_retr OR reason_code=doveadm:*)) \
    OR (event=mail_user_session_finished AND (category=service:imap OR category=service:pop3))
}
metric congvu_commands {
  exporter = congvu
  filter = event=imap_command_finished AND (cmd_name=FETCH OR cmd_name="UID FETCH" OR \
    cmd_name=STORE OR cmd_name="UID STORE")
}
metric congvu_masters {
  exporter = congvu
  filter = event=auth_request_finished AND master_user=*
}
"""
