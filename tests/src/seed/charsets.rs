//! Letters in many character sets: the bytes as a sender writes them, and the text that they mean.
//!
//! The bytes were written by Python's codecs: the standard library has no encoders, and these are known answers.

/// A letter in a character set of its own.
#[derive(Debug)]
pub struct Sample {
    /// As a sender names it.
    pub charset: &'static str,
    /// `Name <local@domain>`.
    pub from: &'static str,
    /// What the subject means.
    pub subject: &'static str,
    /// The subject in this character set.
    pub subject_bytes: &'static [u8],
    /// What the text means; lines ended by LF.
    pub text: &'static str,
    /// The text in this character set; lines ended by CR LF.
    pub text_bytes: &'static [u8],
}

/// One of each.
pub const SAMPLES: &[Sample] = &[
    Sample {
        charset: "ISO-2022-JP",
        from: "田中愛子 <aiko.tanaka@hanamizu.example>",
        subject: "京都の庭のこと",
        subject_bytes: b"\x1b$B5~ET$NDm$N$3$H\x1b(B",
        text: "ロビンさん、こんにちは。\n\
            先週、龍安寺に行ってきました。石の配置がとても静かで、あなたの中庭の計画を思い出しました。\n\
            写真は次のメールで送ります。\n\
            愛子",
        text_bytes:
            b"\x1b$B%m%S%s$5$s!\"$3$s$K$A$O!#\x1b(B\r\n\x1b$B@h=5!\"N60B;{$K9T$C$F$-$^$7$?!#@P$NG[CV$,$H\
            $F$b@E$+$G!\"$\"$J$?$NCfDm$N7W2h$r;W$$=P$7$^$7$?!#\x1b(B\r\n\x1b$B<L??$O<!$N%a!<%k$GAw$j$^\
            $9!#\x1b(B\r\n\x1b$B0&;R\x1b(B",
    },
    Sample {
        charset: "Shift_JIS",
        from: "花水園芸 <info@hanamizu.example>",
        subject: "ご注文の苗木について",
        subject_bytes: b"\x82\xb2\x92\x8d\x95\xb6\x82\xcc\x95c\x96\xd8\x82\xc9\x82\xc2\x82\xa2\x82\xc4",
        text: "いつもお世話になっております。\n\
            ご注文いただいたモミジの苗木は来週の発送となります。\n\
            今しばらくお待ちください。",
        text_bytes:
            b"\x82\xa2\x82\xc2\x82\xe0\x82\xa8\x90\xa2\x98b\x82\xc9\x82\xc8\x82\xc1\x82\xc4\x82\xa8\x82\
            \xe8\x82\xdc\x82\xb7\x81B\r\n\x82\xb2\x92\x8d\x95\xb6\x82\xa2\x82\xbd\x82\xbe\x82\xa2\x82\
            \xbd\x83\x82\x83~\x83W\x82\xcc\x95c\x96\xd8\x82\xcd\x97\x88\x8fT\x82\xcc\x94\xad\x91\x97\
            \x82\xc6\x82\xc8\x82\xe8\x82\xdc\x82\xb7\x81B\r\n\x8d\xa1\x82\xb5\x82\xce\x82\xe7\x82\xad\
            \x82\xa8\x91\xd2\x82\xbf\x82\xad\x82\xbe\x82\xb3\x82\xa2\x81B",
    },
    Sample {
        charset: "EUC-JP",
        from: "京都造園組合 <jimu@zoen.example>",
        subject: "定例会のお知らせ",
        subject_bytes: b"\xc4\xea\xce\xe3\xb2\xf1\xa4\xce\xa4\xaa\xc3\xce\xa4\xe9\xa4\xbb",
        text: "会員各位\n\
            今月の定例会は二十八日の午後二時からです。\n\
            皆様のご参加をお待ちしております。",
        text_bytes:
            b"\xb2\xf1\xb0\xf7\xb3\xc6\xb0\xcc\r\n\xba\xa3\xb7\xee\xa4\xce\xc4\xea\xce\xe3\xb2\xf1\xa4\
            \xcf\xc6\xf3\xbd\xbd\xc8\xac\xc6\xfc\xa4\xce\xb8\xe1\xb8\xe5\xc6\xf3\xbb\xfe\xa4\xab\xa4\
            \xe9\xa4\xc7\xa4\xb9\xa1\xa3\r\n\xb3\xa7\xcd\xcd\xa4\xce\xa4\xb4\xbb\xb2\xb2\xc3\xa4\xf2\
            \xa4\xaa\xc2\xd4\xa4\xc1\xa4\xb7\xa4\xc6\xa4\xaa\xa4\xea\xa4\xde\xa4\xb9\xa1\xa3",
    },
    Sample {
        charset: "GBK",
        from: "陈伟 <chen.wei@suyuan.example>",
        subject: "苏州园林的照片",
        subject_bytes: b"\xcb\xd5\xd6\xdd\xd4\xb0\xc1\xd6\xb5\xc4\xd5\xd5\xc6\xac",
        text: "罗宾,你好!\n\
            上次说的拙政园的照片我已经整理好了。\n\
            等你有空的时候我们再通电话。\n\
            陈伟",
        text_bytes:
            b"\xc2\xde\xb1\xf6,\xc4\xe3\xba\xc3!\r\n\xc9\xcf\xb4\xce\xcb\xb5\xb5\xc4\xd7\xbe\xd5\xfe\xd4\
            \xb0\xb5\xc4\xd5\xd5\xc6\xac\xce\xd2\xd2\xd1\xbe\xad\xd5\xfb\xc0\xed\xba\xc3\xc1\xcb\xa1\
            \xa3\r\n\xb5\xc8\xc4\xe3\xd3\xd0\xbf\xd5\xb5\xc4\xca\xb1\xba\xf2\xce\xd2\xc3\xc7\xd4\xd9\
            \xcd\xa8\xb5\xe7\xbb\xb0\xa1\xa3\r\n\xb3\xc2\xce\xb0",
    },
    Sample {
        charset: "Big5",
        from: "林怡君 <yijun.lin@island.example>",
        subject: "台北植物園導覽",
        subject_bytes: b"\xa5x\xa5_\xb4\xd3\xaa\xab\xb6\xe9\xbe\xc9\xc4\xfd",
        text: "親愛的羅賓:\n\
            下個月植物園有夜間導覽,要不要一起來?\n\
            怡君",
        text_bytes:
            b"\xbf\xcb\xb7R\xaa\xba\xc3\xb9\xbb\xab:\r\n\xa4U\xad\xd3\xa4\xeb\xb4\xd3\xaa\xab\xb6\xe9\
            \xa6\xb3\xa9]\xb6\xa1\xbe\xc9\xc4\xfd,\xadn\xa4\xa3\xadn\xa4@\xb0_\xa8\xd3?\r\n\xa9\xc9\
            \xa7g",
    },
    Sample {
        charset: "EUC-KR",
        from: "김민지 <minji.kim@seoulgarden.example>",
        subject: "봄 전시회 초대",
        subject_bytes: b"\xba\xbd \xc0\xfc\xbd\xc3\xc8\xb8 \xc3\xca\xb4\xeb",
        text: "안녕하세요 로빈 씨,\n\
            서울 정원 박람회에 초대합니다. 일정은 사월 셋째 주입니다.\n\
            민지 드림",
        text_bytes:
            b"\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4 \xb7\xce\xba\xf3 \xbe\xbe,\r\n\xbc\xad\xbf\xef \
            \xc1\xa4\xbf\xf8 \xb9\xda\xb6\xf7\xc8\xb8\xbf\xa1 \xc3\xca\xb4\xeb\xc7\xd5\xb4\xcf\xb4\xd9\
            . \xc0\xcf\xc1\xa4\xc0\xba \xbb\xe7\xbf\xf9 \xbc\xc2\xc2\xb0 \xc1\xd6\xc0\xd4\xb4\xcf\xb4\
            \xd9.\r\n\xb9\xce\xc1\xf6 \xb5\xe5\xb8\xb2",
    },
    Sample {
        charset: "KOI8-R",
        from: "Дмитрий Соколов <dmitri@sokolov.example>",
        subject: "Фотографии с дачи",
        subject_bytes: b"\xe6\xcf\xd4\xcf\xc7\xd2\xc1\xc6\xc9\xc9 \xd3 \xc4\xc1\xde\xc9",
        text: "Робин, привет!\n\
            Яблони наконец зацвели. Посылаю несколько снимков, остальное покажу при встрече.\n\
            Дима",
        text_bytes:
            b"\xf2\xcf\xc2\xc9\xce, \xd0\xd2\xc9\xd7\xc5\xd4!\r\n\xf1\xc2\xcc\xcf\xce\xc9 \xce\xc1\xcb\
            \xcf\xce\xc5\xc3 \xda\xc1\xc3\xd7\xc5\xcc\xc9. \xf0\xcf\xd3\xd9\xcc\xc1\xc0 \xce\xc5\xd3\
            \xcb\xcf\xcc\xd8\xcb\xcf \xd3\xce\xc9\xcd\xcb\xcf\xd7, \xcf\xd3\xd4\xc1\xcc\xd8\xce\xcf\
            \xc5 \xd0\xcf\xcb\xc1\xd6\xd5 \xd0\xd2\xc9 \xd7\xd3\xd4\xd2\xc5\xde\xc5.\r\n\xe4\xc9\xcd\
            \xc1",
    },
    Sample {
        charset: "windows-1251",
        from: "Олена Ткаченко <olena@tkachenko.example>",
        subject: "Насіння соняшника",
        subject_bytes: b"\xcd\xe0\xf1\xb3\xed\xed\xff \xf1\xee\xed\xff\xf8\xed\xe8\xea\xe0",
        text: "Привіт, Робіне!\n\
            Насіння вже в дорозі, має прийти до п'ятниці. Саджай після останніх морозів.\n\
            Олена",
        text_bytes:
            b"\xcf\xf0\xe8\xe2\xb3\xf2, \xd0\xee\xe1\xb3\xed\xe5!\r\n\xcd\xe0\xf1\xb3\xed\xed\xff \xe2\
            \xe6\xe5 \xe2 \xe4\xee\xf0\xee\xe7\xb3, \xec\xe0\xba \xef\xf0\xe8\xe9\xf2\xe8 \xe4\xee \
            \xef'\xff\xf2\xed\xe8\xf6\xb3. \xd1\xe0\xe4\xe6\xe0\xe9 \xef\xb3\xf1\xeb\xff \xee\xf1\xf2\
            \xe0\xed\xed\xb3\xf5 \xec\xee\xf0\xee\xe7\xb3\xe2.\r\n\xce\xeb\xe5\xed\xe0",
    },
    Sample {
        charset: "ISO-8859-5",
        from: "Милан Јовановић <milan@jovanovic.example>",
        subject: "Стари воћњак",
        subject_bytes: b"\xc1\xe2\xd0\xe0\xd8 \xd2\xde\xfb\xfa\xd0\xda",
        text: "Здраво Робине,\n\
            стари воћњак је поново наш. Дођи на јесен да сечемо гране.\n\
            Милан",
        text_bytes:
            b"\xb7\xd4\xe0\xd0\xd2\xde \xc0\xde\xd1\xd8\xdd\xd5,\r\n\xe1\xe2\xd0\xe0\xd8 \xd2\xde\xfb\
            \xfa\xd0\xda \xf8\xd5 \xdf\xde\xdd\xde\xd2\xde \xdd\xd0\xe8. \xb4\xde\xf2\xd8 \xdd\xd0 \
            \xf8\xd5\xe1\xd5\xdd \xd4\xd0 \xe1\xd5\xe7\xd5\xdc\xde \xd3\xe0\xd0\xdd\xd5.\r\n\xbc\xd8\
            \xdb\xd0\xdd",
    },
    Sample {
        charset: "windows-1252",
        from: "Marie-Claire Dubois <mc.dubois@ecole-verte.example>",
        subject: "Le potager de l’école – suite",
        subject_bytes: b"Le potager de l\x92\xe9cole \x96 suite",
        text: "Chère Robin,\n\
            les élèves ont planté vingt-trois pieds de tomates… et l’œuf de Pâques était caché dans la serre !\n\
            Le devis est de 1 250 €.\n\
            Marie-Claire",
        text_bytes:
            b"Ch\xe8re Robin,\r\nles \xe9l\xe8ves ont plant\xe9 vingt-trois pieds de tomates\x85 et l\
            \x92\x9cuf de P\xe2ques \xe9tait cach\xe9 dans la serre !\r\nLe devis est de 1 250 \x80.\r\
            \nMarie-Claire",
    },
    Sample {
        charset: "ISO-8859-15",
        from: "Matti Järvinen <matti@jarvinen.example>",
        subject: "Mökin piha",
        subject_bytes: b"M\xf6kin piha",
        text: "Hei Robin!\n\
            Mökin pihalle mahtuu vielä kaksi omenapuuta. Hinta oli 48 €.\n\
            Terveisin Matti",
        text_bytes:
            b"Hei Robin!\r\nM\xf6kin pihalle mahtuu viel\xe4 kaksi omenapuuta. Hinta oli 48 \xa4.\r\nTer\
            veisin Matti",
    },
    Sample {
        charset: "ISO-8859-1",
        from: "Søren Åkesson <soren@akesson.example>",
        subject: "Träd i södra hörnet",
        subject_bytes: b"Tr\xe4d i s\xf6dra h\xf6rnet",
        text: "Hej Robin,\n\
            den gamla björken i södra hörnet måste bort. Vi ses på lördag.\n\
            Søren",
        text_bytes:
            b"Hej Robin,\r\nden gamla bj\xf6rken i s\xf6dra h\xf6rnet m\xe5ste bort. Vi ses p\xe5 l\xf6r\
            dag.\r\nS\xf8ren",
    },
    Sample {
        charset: "ISO-8859-2",
        from: "Zsófia Kőműves <zsofia@komuves.example>",
        subject: "Őszi ültetés",
        subject_bytes: b"\xd5szi \xfcltet\xe9s",
        text: "Szia Robin!\n\
            A hétvégén elültettük a gyümölcsfákat. Hűvös volt, de gyönyörű.\n\
            Zsófi",
        text_bytes:
            b"Szia Robin!\r\nA h\xe9tv\xe9g\xe9n el\xfcltett\xfck a gy\xfcm\xf6lcsf\xe1kat. H\xfbv\xf6s \
            volt, de gy\xf6ny\xf6r\xfb.\r\nZs\xf3fi",
    },
    Sample {
        charset: "windows-1250",
        from: "Łukasz Żółkiewski <lukasz@zolkiewski.example>",
        subject: "Kosztorys – ścieżka i źródło",
        subject_bytes: b"Kosztorys \x96 \x9ccie\xbfka i \x9fr\xf3d\xb3o",
        text: "Cześć Robin,\n\
            w załączeniu kosztorys ścieżki wokół źródła. Zażółć gęślą jaźń, jak to mówią.\n\
            Łukasz",
        text_bytes:
            b"Cze\x9c\xe6 Robin,\r\nw za\xb3\xb9czeniu kosztorys \x9ccie\xbfki wok\xf3\xb3 \x9fr\xf3d\
            \xb3a. Za\xbf\xf3\xb3\xe6 g\xea\x9cl\xb9 ja\x9f\xf1, jak to m\xf3wi\xb9.\r\n\xa3ukasz",
    },
    Sample {
        charset: "ISO-8859-7",
        from: "Ελένη Παππά <eleni@pappa.example>",
        subject: "Ελιές από την Κρήτη",
        subject_bytes: b"\xc5\xeb\xe9\xdd\xf2 \xe1\xf0\xfc \xf4\xe7\xed \xca\xf1\xde\xf4\xe7",
        text: "Γεια σου Ρόμπιν,\n\
            το λάδι της φετινής χρονιάς είναι έτοιμο. Σου στέλνω πέντε λίτρα.\n\
            Ελένη",
        text_bytes:
            b"\xc3\xe5\xe9\xe1 \xf3\xef\xf5 \xd1\xfc\xec\xf0\xe9\xed,\r\n\xf4\xef \xeb\xdc\xe4\xe9 \xf4\
            \xe7\xf2 \xf6\xe5\xf4\xe9\xed\xde\xf2 \xf7\xf1\xef\xed\xe9\xdc\xf2 \xe5\xdf\xed\xe1\xe9 \
            \xdd\xf4\xef\xe9\xec\xef. \xd3\xef\xf5 \xf3\xf4\xdd\xeb\xed\xf9 \xf0\xdd\xed\xf4\xe5 \xeb\
            \xdf\xf4\xf1\xe1.\r\n\xc5\xeb\xdd\xed\xe7",
    },
    Sample {
        charset: "windows-1254",
        from: "Gülşen Yıldız <gulsen@yildiz.example>",
        subject: "İstanbul'da lale zamanı",
        subject_bytes: b"\xddstanbul'da lale zaman\xfd",
        text: "Merhaba Robin,\n\
            laleler açtı, Emirgan çok güzel. Nisanda bekliyoruz.\n\
            Gülşen",
        text_bytes:
            b"Merhaba Robin,\r\nlaleler a\xe7t\xfd, Emirgan \xe7ok g\xfczel. Nisanda bekliyoruz.\r\nG\
            \xfcl\xfeen",
    },
    Sample {
        charset: "windows-1255",
        from: "נועה לוי <noa.levi@galil.example>",
        subject: "תכנית הגן בגליל",
        subject_bytes: b"\xfa\xeb\xf0\xe9\xfa \xe4\xe2\xef \xe1\xe2\xec\xe9\xec",
        text: "שלום רובין,\n\
            העצים הגיעו אתמול, עשרה זיתים ושני רימונים. מחכים לך באביב.\n\
            נועה",
        text_bytes:
            b"\xf9\xec\xe5\xed \xf8\xe5\xe1\xe9\xef,\r\n\xe4\xf2\xf6\xe9\xed \xe4\xe2\xe9\xf2\xe5 \xe0\
            \xfa\xee\xe5\xec, \xf2\xf9\xf8\xe4 \xe6\xe9\xfa\xe9\xed \xe5\xf9\xf0\xe9 \xf8\xe9\xee\xe5\
            \xf0\xe9\xed. \xee\xe7\xeb\xe9\xed \xec\xea \xe1\xe0\xe1\xe9\xe1.\r\n\xf0\xe5\xf2\xe4",
    },
    Sample {
        charset: "windows-1256",
        from: "عمر السيد <omar@elsayed.example>",
        subject: "حديقة المدرسة",
        subject_bytes: b"\xcd\xcf\xed\xde\xc9 \xc7\xe1\xe3\xcf\xd1\xd3\xc9",
        text: "مرحبا روبن،\n\
            وصلت شتلات الياسمين اليوم. نبدأ الزراعة يوم السبت إن شاء الله.\n\
            عمر",
        text_bytes:
            b"\xe3\xd1\xcd\xc8\xc7 \xd1\xe6\xc8\xe4\xa1\r\n\xe6\xd5\xe1\xca \xd4\xca\xe1\xc7\xca \xc7\
            \xe1\xed\xc7\xd3\xe3\xed\xe4 \xc7\xe1\xed\xe6\xe3. \xe4\xc8\xcf\xc3 \xc7\xe1\xd2\xd1\xc7\
            \xda\xc9 \xed\xe6\xe3 \xc7\xe1\xd3\xc8\xca \xc5\xe4 \xd4\xc7\xc1 \xc7\xe1\xe1\xe5.\r\n\xda\
            \xe3\xd1",
    },
    Sample {
        charset: "windows-1258",
        from: "Nguyên Hoa <hoa.nguyen@dalat.example>",
        subject: "Mùa hoa",
        subject_bytes: b"M\xf9a hoa",
        text: "Chào Robin,\n\
            mùa này thành phô có nhiêu hoa mai anh đào.\n\
            Hoa",
        text_bytes:
            b"Ch\xe0o Robin,\r\nm\xf9a n\xe0y th\xe0nh ph\xf4 c\xf3 nhi\xeau hoa mai anh \xf0\xe0o.\r\nH\
            oa",
    },
    Sample {
        charset: "windows-874",
        from: "สมชาย ใจดี <somchai@jaidee.example>",
        subject: "สวนหลังบ้าน",
        subject_bytes: b"\xca\xc7\xb9\xcb\xc5\xd1\xa7\xba\xe9\xd2\xb9",
        text: "สวัสดีโรบิน\n\
            มะม่วงออกผลแล้ว แวะมาชิมได้เลย\n\
            สมชาย",
        text_bytes:
            b"\xca\xc7\xd1\xca\xb4\xd5\xe2\xc3\xba\xd4\xb9\r\n\xc1\xd0\xc1\xe8\xc7\xa7\xcd\xcd\xa1\xbc\
            \xc5\xe1\xc5\xe9\xc7 \xe1\xc7\xd0\xc1\xd2\xaa\xd4\xc1\xe4\xb4\xe9\xe0\xc5\xc2\r\n\xca\xc1\
            \xaa\xd2\xc2",
    },
    Sample {
        charset: "UTF-7",
        from: "Bezirksamt <auskunft@bezirksamt.example>",
        subject: "Straßensperrung Höhe Südtor",
        subject_bytes: b"Stra+AN8-ensperrung H+APY-he S+APw-dtor",
        text: "Wegen Bauarbeiten ist die Zufahrt am Südtor bis Freitag gesperrt.\n\
            Bitte über die Querstraße ausweichen.",
        text_bytes:
            b"Wegen Bauarbeiten ist die Zufahrt am S+APw-dtor bis Freitag gesperrt.\r\nBitte +APw-ber di\
            e Querstra+AN8-e ausweichen.",
    },
];
