"""Pages of attached files as pictures (vi: xem trước tệp; kk: файлды алдын ала қарау), made in a confined process."""
