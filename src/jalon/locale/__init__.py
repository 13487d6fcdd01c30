"""Every sentence a person reads: `fr/*.po`, `en/*.po`, compiled to one catalogue each.

A sentence's msgid is the whole English sentence with named placeholders; a text of the
domain is a code (`status.on_track`), translated in both languages.
"""
