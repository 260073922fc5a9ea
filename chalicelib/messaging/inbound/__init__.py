"""Mail that comes in: read as it is, whatever is wrong with it. Nothing here raises for what somebody sent.

Only `receive_mail` imports this: the standard library's `email` takes as long to import as the whole of Chalice.
"""
