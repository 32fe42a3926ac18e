"""A stand-in for everybody's mailbox and telephone: shows the mails and texts that the product sent."""
