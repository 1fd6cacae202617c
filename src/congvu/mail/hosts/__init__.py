"""Postfix and Dovecot of the agency (vi: máy chủ thư; kk: пошта сервері): their configuration, and its check."""
