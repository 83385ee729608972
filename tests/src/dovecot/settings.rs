//! What stands in Dovecot's settings: most of it in the words of both 2.3 and 2.4, the rest in either's.

use super::{PASSWORD, Ports, Tls, UNTRUSTED_ADDRESS, Version};
use crate::certificates::Certificate;
use crate::folder::{self, Owner};
use std::io;
use std::path::{Path, PathBuf};

/// What the settings say, but for what never changes.
pub(super) struct Settings<'a> {
    pub(super) folder: &'a Path,
    pub(super) owner: Owner,
    pub(super) ports: Ports,
    pub(super) tls: &'a Tls,
}

/// Where they stand.
pub(super) fn file(folder: &Path) -> PathBuf {
    folder.join("dovecot.conf")
}

impl Settings<'_> {
    /// Writes them for this version, with `more` behind them.
    ///
    /// # Errors
    /// Where a file can't be written.
    pub(super) fn write(&self, version: Version, more: &str) -> io::Result<()> {
        let settings = match version {
            Version::V2_3 => {
                self.owner.write(&self.token_settings(), self.tokens_of_2_3().as_bytes())?;
                self.common("address") + &self.of_2_3()
            }
            // The first line says in which words the others are: newer versions understand them too.
            Version::V2_4 => {
                let first = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n";
                first.to_owned() + &self.common("listen") + &self.of_2_4()
            }
        };
        self.owner.write(&file(self.folder), (settings + more).as_bytes())
    }

    /// The folder of the keys that tokens are judged by.
    pub(super) fn token_keys(&self) -> PathBuf {
        self.folder.join("tokens")
    }

    /// 2.3 has a file of its own for it.
    fn token_settings(&self) -> PathBuf {
        self.folder.join("tokens.conf")
    }

    /// How tokens are judged: here, by the key, without asking a provider.
    fn tokens_of_2_3(&self) -> String {
        format!(
            "introspection_mode = local
local_validation_key_dict = fs:posix:prefix={}/
username_attribute = sub
",
            self.token_keys().display()
        )
    }

    /// What both versions say, save the name of a listener's address.
    fn common(&self, address: &str) -> String {
        let Ports { imap, imaps, untrusted, sieve } = self.ports;
        let user = folder::user_name(self.owner.uid());
        let group = folder::group_name(self.owner.gid());
        let folder = self.folder.display();
        format!(
            r#"# One folder, one user, no root.
base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
protocols = imap sieve
listen = 127.0.0.1

ssl = yes
ssl_min_protocol = TLSv1.2

service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
  inet_listener imaps_untrusted {{
    {address} = {UNTRUSTED_ADDRESS}
    port = {untrusted}
    ssl = yes
  }}
}}
service managesieve-login {{
  chroot =
  inet_listener sieve {{
    port = {sieve}
  }}
}}
service anvil {{
  chroot =
  # Nobody waits for having guessed wrong.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}

# Anyone, with the one password.
auth_mechanisms = plain login scram-sha-256 scram-sha-1 cram-md5 oauthbearer xoauth2
auth_failure_delay = 0
auth_username_chars =

mail_max_userip_connections = 1000
# Nothing here outlives the test.
mail_fsync = never

namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \Drafts
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \Sent
    auto = subscribe
  }}
  mailbox Archive {{
    special_use = \Archive
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \Junk
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \Trash
    auto = subscribe
  }}
}}
"#
        )
    }

    fn of_2_3(&self) -> String {
        let (uid, gid) = (self.owner.uid(), self.owner.gid());
        let folder = self.folder.display();
        let tokens = self.token_settings();
        let tokens = tokens.display();
        let show = |Certificate { certificate, key }: &Certificate| {
            format!("ssl_cert = <{}\nssl_key = <{}", certificate.display(), key.display())
        };
        let (trusted, untrusted) = (show(&self.tls.trusted), show(&self.tls.untrusted));
        format!(
            r#"
{trusted}
local {UNTRUSTED_ADDRESS} {{
{untrusted}
}}

passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {tokens}
}}
passdb {{
  driver = static
  mechanisms = plain login scram-sha-256 scram-sha-1 cram-md5
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}

mail_location = maildir:~/Maildir:UTF-8
mail_plugins = acl quota
protocol imap {{
  mail_plugins = $mail_plugins imap_acl imap_quota imap_zlib
  imap_metadata = yes
}}
mail_attribute_dict = file:%h/attributes
plugin {{
  acl = vfile
  # A right of everybody's is one that a user may give.
  acl_anyone = allow
  quota = maildir:User
  quota_rule = *:storage=1G
}}
"#
        )
    }

    fn of_2_4(&self) -> String {
        let (uid, gid) = (self.owner.uid(), self.owner.gid());
        let folder = self.folder.display();
        let tokens = self.token_keys();
        let tokens = tokens.display();
        let show = |Certificate { certificate, key }: &Certificate| {
            let (certificate, key) = (certificate.display(), key.display());
            format!("ssl_server_cert_file = {certificate}\nssl_server_key_file = {key}")
        };
        let (trusted, untrusted) = (show(&self.tls.trusted), show(&self.tls.untrusted));
        format!(
            r#"
{trusted}
local {UNTRUSTED_ADDRESS} {{
{untrusted}
}}

oauth2 {{
  introspection_mode = local
  username_attribute = sub
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = {tokens}/
      }}
    }}
  }}
}}
passdb static {{
  password = {PASSWORD}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/mail/%{{user}}
  }}
}}

mail_driver = maildir
mail_path = ~/Maildir
mailbox_list_utf8 = yes
mail_plugins {{
  acl = yes
  quota = yes
}}
protocol imap {{
  mail_plugins {{
    imap_acl = yes
    imap_quota = yes
  }}
  imap_metadata = yes
}}
mail_attribute {{
  dict file {{
    path = %{{home}}/attributes
  }}
}}
acl_driver = vfile
# A right of everybody's is one that a user may give.
imap_acl_allow_anyone = yes
quota User {{
  storage_size = 1G
}}
"#
        )
    }
}
