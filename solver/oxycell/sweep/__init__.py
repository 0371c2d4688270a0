"""Many cases: a study says what varies, a sweep runs what is missing and keeps one table."""
