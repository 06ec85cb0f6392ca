// #[orm(name = "user_mood")]
// pub enum Mood {
//     Happy,
//     #[orm(label = "very sad")]
//     VerySad,
// }

:: orm_core :: __enum_type ! (Mood , "\"user_mood\"" , [Happy => "happy" , VerySad => "very sad"]);
