"""Acts about petitions: taken in, sent on, answered, disputed, rated, closed (vi: hành vi; kk: әрекеттер)."""
