"""The addresses of the mailboxes' pages."""

from django.urls import URLPattern, path

from congvu.mail.web import boxes, composing, contents, reading, receipts, signatures, signing

app_name = "mail"
urlpatterns: list[URLPattern] = [
    path("", boxes.inbox, name="inbox"),
    path("sent/", boxes.sent, name="sent"),
    path("drafts/", boxes.drafts, name="drafts"),
    path("filed/", boxes.filed, name="filed"),
    path("box/<handle:handle>/", boxes.inbox, name="box"),
    path("box/<handle:handle>/sent/", boxes.sent, name="box-sent"),
    path("box/<handle:handle>/filed/", boxes.filed, name="box-filed"),
    path("search/", boxes.search, name="search"),
    path("address-book/", boxes.address_book, name="address-book"),
    path("message/<handle:handle>/", reading.message, name="message"),
    path("message/<handle:handle>/acknowledge/", reading.acknowledge, name="acknowledge"),
    path("message/<handle:handle>/recall/", reading.recall, name="recall"),
    path("message/<handle:handle>/file/", reading.file, name="file"),
    path("message/<handle:handle>/attachment/<int:index>/", contents.attachment, name="attachment"),
    path("message/<handle:handle>/raw/", contents.raw, name="raw"),
    path("message/<handle:handle>/html/", contents.page, name="html"),
    path("message/<handle:handle>/signature/", signatures.signature, name="signature"),
    path("message/<handle:handle>/signature/evidence/", signatures.evidence, name="signature-evidence"),
    path("message/<handle:handle>/receipts/", receipts.steps, name="receipts"),
    path("message/<handle:handle>/receipts/<handle:receipt>/", receipts.bundle, name="receipt"),
    path("conversation/<handle:handle>/", reading.conversation, name="conversation"),
    path("signing/", signing.key, name="signing"),
    path("signing/token/", signing.token, name="signing-token"),
    path("signing/remove/", signing.remove, name="signing-remove"),
    path("trust/", signing.trusted, name="trust"),
    path("compose/", composing.compose, name="compose"),
    path("compose/save/", composing.save, name="save"),
    path("draft/<handle:handle>/", composing.draft, name="draft"),
    path("message/<handle:handle>/reply/", composing.reply, name="reply"),
    path("message/<handle:handle>/reply-all/", composing.reply_all, name="reply-all"),
    path("message/<handle:handle>/forward/", composing.forward, name="forward"),
]
