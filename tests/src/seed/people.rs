//! Who Robin hears from.

pub(super) const ROBIN: &str = "Robin Hale <robin@example.com>";
pub(super) const LENA: &str = "Lena Brandt <lena@brandt-fischer.example>";
pub(super) const PRIYA: &str = "Priya Raman <priya.raman@fieldandstone.example>";
pub(super) const SAM: &str = "Sam Hale <sam.hale@halemail.example>";
pub(super) const MUM: &str = "Ruth Hale <ruth@halemail.example>";
pub(super) const TOMAS: &str = "Tomás Oliveira <tomas@oliveira-viveiros.example>";
pub(super) const AIKO: &str = "Aiko Tanaka <aiko.tanaka@hanamizu.example>";
pub(super) const GRACE: &str = "Grace Okafor <grace@okafor-partners.example>";
pub(super) const JONAS: &str = "Jonas Weber <jonas.weber@stadtgruen.example>";
pub(super) const NINA: &str = "Nina Kowalczyk <nina@allotment-association.example>";
pub(super) const OMAR: &str = "Omar El-Sayed <omar@elsayed.example>";
