def kept_mails(folder):
    return []
