"""The one narrow interface that page, command line and lab receive: Protocols and frozen values, no parts.

`chat.Chat.ask` is the only door to an answer. Everything here may be called from any thread. Methods raise
LotteryChatError (or knowledge's and tools' errors translated to it) with a sentence for the person.
"""
