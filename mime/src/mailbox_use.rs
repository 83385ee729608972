//! What a mailbox is for, by the name that mail programs and servers give it, in the languages that they speak.
//!
//! RFC 6154 asks servers to say what a mailbox is for; this table is for those that don't.

/// What a mailbox is for. RFC 6154 section 2 has the same uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailboxUse {
    /// Messages that are being written.
    Drafts,
    /// Messages that were sent.
    Sent,
    /// Messages that were deleted.
    Trash,
    /// Messages that are held to be spam.
    Junk,
    /// Messages that were put away.
    Archive,
    /// All messages of the account.
    All,
}

impl MailboxUse {
    /// What a mailbox of this name is for; the name is the last level alone, in any case.
    ///
    /// ```
    /// use postern_mime::MailboxUse;
    ///
    /// assert_eq!(MailboxUse::of_name("Papierkorb"), Some(MailboxUse::Trash));
    /// assert_eq!(MailboxUse::of_name("ENTWÜRFE"), Some(MailboxUse::Drafts));
    /// assert_eq!(MailboxUse::of_name("Holidays"), None);
    /// ```
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        NAMES.iter().find(|(_, names)| names.contains(&&*name)).map(|(mailbox_use, _)| *mailbox_use)
    }
}

/// Names of Thunderbird, Outlook, Apple Mail, Gmail and of the mail servers' own templates, in lower case.
const NAMES: &[(MailboxUse, &[&str])] = &[
    (
        MailboxUse::Drafts,
        &[
            "drafts",
            "draft",
            "entwürfe",
            "brouillons",
            "borradores",
            "bozze",
            "rascunhos",
            "concepten",
            "utkast",
            "kladder",
            "luonnokset",
            "szkice",
            "kopie robocze",
            "wersje robocze",
            "koncepty",
            "rozpracované",
            "piszkozatok",
            "ciorne",
            "черновики",
            "чернетки",
            "πρόχειρα",
            "taslaklar",
            "下書き",
            "草稿",
            "草稿箱",
            "임시 보관함",
            "임시보관함",
        ],
    ),
    (
        MailboxUse::Sent,
        &[
            "sent",
            "sent items",
            "sent messages",
            "sent mail",
            "gesendet",
            "gesendete elemente",
            "gesendete objekte",
            "envoyés",
            "éléments envoyés",
            "messages envoyés",
            "enviados",
            "elementos enviados",
            "itens enviados",
            "posta inviata",
            "verzonden",
            "verzonden items",
            "skickat",
            "skickade objekt",
            "sendt",
            "sendt post",
            "sendte elementer",
            "lähetetyt",
            "wysłane",
            "elementy wysłane",
            "odeslané",
            "odeslaná pošta",
            "elküldött",
            "elküldött elemek",
            "trimise",
            "отправленные",
            "надіслані",
            "απεσταλμένα",
            "gönderilmiş öğeler",
            "gönderilenler",
            "送信済み",
            "送信済みアイテム",
            "已发送",
            "已发送邮件",
            "寄件備份",
            "보낸 편지함",
            "보낸편지함",
        ],
    ),
    (
        MailboxUse::Trash,
        &[
            "trash",
            "deleted items",
            "deleted messages",
            "bin",
            "papierkorb",
            "gelöschte elemente",
            "gelöschte objekte",
            "corbeille",
            "éléments supprimés",
            "papelera",
            "elementos eliminados",
            "lixo",
            "lixeira",
            "itens excluídos",
            "cestino",
            "posta eliminata",
            "prullenbak",
            "verwijderde items",
            "papperskorgen",
            "borttagna objekt",
            "papirkurv",
            "papirkurven",
            "slettet post",
            "slettede elementer",
            "roskakori",
            "kosz",
            "elementy usunięte",
            "koš",
            "odstraněná pošta",
            "kuka",
            "törölt elemek",
            "coș de gunoi",
            "корзина",
            "удаленные",
            "кошик",
            "видалені",
            "κάδος απορριμμάτων",
            "διαγραμμένα",
            "çöp kutusu",
            "silinmiş öğeler",
            "ゴミ箱",
            "削除済みアイテム",
            "已删除",
            "已删除邮件",
            "垃圾桶",
            "휴지통",
            "지운 편지함",
        ],
    ),
    (
        MailboxUse::Junk,
        &[
            "junk",
            "spam",
            "junk e-mail",
            "junk email",
            "junk mail",
            "bulk mail",
            "spamverdacht",
            "junk-e-mail",
            "unerwünscht",
            "unerwünschte werbung",
            "indésirables",
            "courrier indésirable",
            "pourriel",
            "correo no deseado",
            "lixo eletrônico",
            "lixo eletrónico",
            "posta indesiderata",
            "ongewenste e-mail",
            "ongewenst",
            "skräppost",
            "uønsket post",
            "søppelpost",
            "roskaposti",
            "wiadomości-śmieci",
            "niechciane",
            "nevyžádaná pošta",
            "levélszemét",
            "спам",
            "нежелательная почта",
            "небажана пошта",
            "ανεπιθύμητη αλληλογραφία",
            "önemsiz",
            "önemsiz e-posta",
            "迷惑メール",
            "垃圾邮件",
            "垃圾郵件",
            "스팸",
            "스팸 메일함",
            "정크 메일",
        ],
    ),
    (
        MailboxUse::Archive,
        &[
            "archive",
            "archives",
            "archiv",
            "archivo",
            "archivio",
            "arquivo",
            "archief",
            "arkiv",
            "arkisto",
            "archiwum",
            "archív",
            "arhivă",
            "архив",
            "архів",
            "αρχειοθήκη",
            "arşiv",
            "アーカイブ",
            "归档",
            "封存",
            "보관함",
        ],
    ),
    (
        MailboxUse::All,
        &["all mail", "alle nachrichten", "tous les messages", "todos", "tutti i messaggi", "вся почта"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_in_lower_case_and_stands_once() {
        let all: Vec<_> = NAMES.iter().flat_map(|(_, names)| *names).collect();
        for (at, name) in all.iter().enumerate() {
            assert_eq!(name.to_lowercase(), **name);
            assert!(!all[..at].contains(name), "{name} stands twice");
        }
    }

    #[test]
    fn names_are_known_in_any_case_and_nothing_near_them_is() {
        assert_eq!(MailboxUse::of_name("ОТПРАВЛЕННЫЕ"), Some(MailboxUse::Sent));
        assert_eq!(MailboxUse::of_name("迷惑メール"), Some(MailboxUse::Junk));
        assert_eq!(MailboxUse::of_name("Sent/2026"), None);
        assert_eq!(MailboxUse::of_name(""), None);
    }
}
