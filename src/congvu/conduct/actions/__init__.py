"""Acts of people about duties: reply, excuse, confirm, report, answer (vi: hành vi; kk: әрекеттер)."""
