-- A run of schema version 3, as the program of that time wrote it.
PRAGMA application_id = 1397903439;
PRAGMA user_version = 3;
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE checkpoints (step INTEGER PRIMARY KEY, folder TEXT NOT NULL, seconds REAL);
INSERT INTO "checkpoints" VALUES(0,'step-000000',0.08112847);
INSERT INTO "checkpoints" VALUES(1,'step-000001',0.102510548);
INSERT INTO "checkpoints" VALUES(2,'step-000002',0.113832243);
CREATE TABLE evaluations (
  step INTEGER NOT NULL, dataset TEXT NOT NULL, cell INTEGER NOT NULL, domain TEXT, difficulty TEXT,
  count INTEGER NOT NULL, accuracy REAL, think_on_rate REAL, mean_length REAL, invalid_rate REAL,
  PRIMARY KEY (step, dataset, cell)) WITHOUT ROWID;
INSERT INTO "evaluations" VALUES(0,'primer',0,NULL,NULL,6,0.0,NULL,16.0,1.0);
INSERT INTO "evaluations" VALUES(0,'primer',1,'general','1',1,0.0,NULL,16.0,1.0);
INSERT INTO "evaluations" VALUES(0,'primer',2,'general','2',1,0.0,NULL,16.0,1.0);
INSERT INTO "evaluations" VALUES(2,'primer',0,NULL,NULL,6,0.0,NULL,16.0,1.0);
INSERT INTO "evaluations" VALUES(2,'primer',1,'general','1',1,0.0,NULL,16.0,1.0);
INSERT INTO "evaluations" VALUES(2,'primer',2,'general','2',1,0.0,NULL,16.0,1.0);
CREATE TABLE events (
  event INTEGER PRIMARY KEY, step INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL, time TEXT NOT NULL);
INSERT INTO "events" VALUES(1,2,'completed','','2026-11-29T23:05:35Z');
CREATE TABLE groups (
  step INTEGER NOT NULL, group_index INTEGER NOT NULL, query INTEGER NOT NULL REFERENCES queries (query),
  accuracy_on REAL, accuracy_off REAL, delta REAL, right_mode TEXT, contributes INTEGER NOT NULL,
  history_on REAL, history_off REAL, reference_reward REAL,
  PRIMARY KEY (step, group_index)) WITHOUT ROWID;
INSERT INTO "groups" VALUES(1,0,1,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(1,1,2,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(1,2,3,NULL,NULL,-1.0,'off',1,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(2,0,3,NULL,NULL,-1.0,'off',1,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(2,1,2,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(2,2,1,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL);
CREATE TABLE metrics (
  stage TEXT NOT NULL CHECK (stage IN ('cold_start', 'train', 'evaluation')),
  step INTEGER NOT NULL, name TEXT NOT NULL, value REAL,
  PRIMARY KEY (name, stage, step)) WITHOUT ROWID;
INSERT INTO "metrics" VALUES('train',1,'accuracy',0.0);
INSERT INTO "metrics" VALUES('train',2,'accuracy',0.0);
INSERT INTO "metrics" VALUES('train',1,'clip_ratio/gate',0.0);
INSERT INTO "metrics" VALUES('train',2,'clip_ratio/gate',0.0);
INSERT INTO "metrics" VALUES('train',1,'clip_ratio/judge',0.0);
INSERT INTO "metrics" VALUES('train',2,'clip_ratio/judge',0.0);
INSERT INTO "metrics" VALUES('cold_start',1,'cold_start/loss',5.84999386505402529934e+00);
INSERT INTO "metrics" VALUES('cold_start',2,'cold_start/loss',5.81867088607005111811e+00);
INSERT INTO "metrics" VALUES('cold_start',3,'cold_start/loss',5.77631698060998122201e+00);
INSERT INTO "metrics" VALUES('cold_start',4,'cold_start/loss',5.67231771349906832568e+00);
INSERT INTO "metrics" VALUES('cold_start',5,'cold_start/loss',5.61925409237544126739e+00);
INSERT INTO "metrics" VALUES('train',1,'completions/clipped_ratio',1.0);
INSERT INTO "metrics" VALUES('train',2,'completions/clipped_ratio',1.0);
INSERT INTO "metrics" VALUES('train',1,'completions/mean_length',1.48333333333333339254e+01);
INSERT INTO "metrics" VALUES('train',2,'completions/mean_length',1.41666666666666660745e+01);
INSERT INTO "metrics" VALUES('train',1,'effective_batch_ratio',1.0);
INSERT INTO "metrics" VALUES('train',2,'effective_batch_ratio',1.0);
INSERT INTO "metrics" VALUES('train',1,'entropy',5.46824379925314119077e+00);
INSERT INTO "metrics" VALUES('train',2,'entropy',5.46748682359854409895e+00);
INSERT INTO "metrics" VALUES('train',1,'frac_reward_zero_std',1.0);
INSERT INTO "metrics" VALUES('train',2,'frac_reward_zero_std',1.0);
INSERT INTO "metrics" VALUES('cold_start',1,'grad_norm',2.33956729324626166999e+00);
INSERT INTO "metrics" VALUES('cold_start',2,'grad_norm',2.00130601792759499346e+00);
INSERT INTO "metrics" VALUES('cold_start',3,'grad_norm',2.2528666707383333545e+00);
INSERT INTO "metrics" VALUES('cold_start',4,'grad_norm',2.09761457300828624283e+00);
INSERT INTO "metrics" VALUES('cold_start',5,'grad_norm',2.22596046037223);
INSERT INTO "metrics" VALUES('train',1,'grad_norm',1.58019718998313435376e-01);
INSERT INTO "metrics" VALUES('train',2,'grad_norm',1.9981470728698474959e-01);
INSERT INTO "metrics" VALUES('cold_start',1,'learning_rate',0.0002);
INSERT INTO "metrics" VALUES('cold_start',2,'learning_rate',0.0004);
INSERT INTO "metrics" VALUES('cold_start',3,'learning_rate',0.0006);
INSERT INTO "metrics" VALUES('cold_start',4,'learning_rate',0.0008);
INSERT INTO "metrics" VALUES('cold_start',5,'learning_rate',0.001);
INSERT INTO "metrics" VALUES('train',1,'learning_rate',0.0002);
INSERT INTO "metrics" VALUES('train',2,'learning_rate',0.0004);
INSERT INTO "metrics" VALUES('train',1,'loss',8.85143500345116907013e-02);
INSERT INTO "metrics" VALUES('train',2,'loss',1.25749917698656510367e-01);
INSERT INTO "metrics" VALUES('train',1,'mode/abstain_ratio',6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES('train',2,'mode/abstain_ratio',6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES('train',1,'mode/degenerate_ratio',0.0);
INSERT INTO "metrics" VALUES('train',2,'mode/degenerate_ratio',0.0);
INSERT INTO "metrics" VALUES('train',1,'mode/invalid_rate',1.0);
INSERT INTO "metrics" VALUES('train',2,'mode/invalid_rate',1.0);
INSERT INTO "metrics" VALUES('train',1,'mode/length_judge',5.0);
INSERT INTO "metrics" VALUES('train',2,'mode/length_judge',4.0);
INSERT INTO "metrics" VALUES('train',1,'mode/think_on_probability',0.610882011630959);
INSERT INTO "metrics" VALUES('train',2,'mode/think_on_probability',4.72574489285308430019e-01);
INSERT INTO "metrics" VALUES('train',1,'num_tokens',278.0);
INSERT INTO "metrics" VALUES('train',2,'num_tokens',541.0);
INSERT INTO "metrics" VALUES('train',1,'reward',0.0);
INSERT INTO "metrics" VALUES('train',2,'reward',0.0);
INSERT INTO "metrics" VALUES('train',1,'reward_std',0.0);
INSERT INTO "metrics" VALUES('train',2,'reward_std',0.0);
INSERT INTO "metrics" VALUES('train',1,'sampling/k3',6.80044554407840203241e-14);
INSERT INTO "metrics" VALUES('train',2,'sampling/k3',6.45409651648757710842e-14);
INSERT INTO "metrics" VALUES('train',1,'sampling/rounds',1.0);
INSERT INTO "metrics" VALUES('train',2,'sampling/rounds',1.0);
INSERT INTO "metrics" VALUES('train',1,'unscorable_ratio',0.0);
INSERT INTO "metrics" VALUES('train',2,'unscorable_ratio',0.0);
CREATE TABLE queries (
  query INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, domain TEXT NOT NULL, verifier TEXT NOT NULL,
  difficulty REAL, prompt TEXT NOT NULL, reference TEXT NOT NULL, fields TEXT NOT NULL, first_step INTEGER NOT NULL,
  UNIQUE (source, id));
INSERT INTO "queries" VALUES(1,'2','','general','general',NULL,'Who is it?','["Ann","Anna"]','{}',1);
INSERT INTO "queries" VALUES(2,'3','','science','science',NULL,'A or B?','"B"','{"choices":["x","y"],"messages":[{"role":"user","content":"Which?"},{"role":"assistant","content":"What?"},{"role":"user","content":"A or B?"}]}',1);
INSERT INTO "queries" VALUES(3,'a','s','math','math',0.25,'2+2?','4','{"note":["x",1.50],"mode":"off"}',1);
CREATE TABLE rollouts (
  step INTEGER NOT NULL, group_index INTEGER NOT NULL, sample INTEGER NOT NULL, kind TEXT NOT NULL, mode TEXT,
  length INTEGER NOT NULL, truncated INTEGER NOT NULL, invalid_reason TEXT, outcome REAL,
  judge_reward REAL, answer_reward REAL, judge_advantage REAL, gate_advantage REAL, answer_advantage REAL,
  think_on_probability REAL, gate TEXT, judge_tokens INTEGER NOT NULL, gate_tokens INTEGER NOT NULL,
  answer_tokens INTEGER NOT NULL, answer TEXT, reference_divergence REAL, text TEXT NOT NULL,
  PRIMARY KEY (step, group_index, sample)) WITHOUT ROWID;
INSERT INTO "rollouts" VALUES(1,0,0,'free',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,',+���!��k��\');
INSERT INTO "rollouts" VALUES(1,0,1,'free',NULL,9,1,'gate_before_judge_end',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,4,1,4,NULL,NULL,'c��<think_off>�m{�');
INSERT INTO "rollouts" VALUES(1,0,2,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�����_03J�');
INSERT INTO "rollouts" VALUES(1,0,3,'probe',NULL,16,1,'missing_think',0.0,0.5,0.0,0.0,0.0,0.0,5.52756621220803157079e-01,'on',5,1,10,NULL,NULL,'�;></judge><think_on><answer>?qƊ�<think_on>�');
INSERT INTO "rollouts" VALUES(1,0,4,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'��Sc��~�Z6́j');
INSERT INTO "rollouts" VALUES(1,0,5,'probe',NULL,16,1,'gate_before_judge_end',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,2,1,13,NULL,NULL,'J�<think_on>��O����Q');
INSERT INTO "rollouts" VALUES(1,1,0,'free',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�8�m*�W�KL"D���');
INSERT INTO "rollouts" VALUES(1,1,1,'free',NULL,16,1,'unclosed_judge',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,12,1,3,NULL,NULL,'>���DY�#�L<answer>K�');
INSERT INTO "rollouts" VALUES(1,1,2,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'+����|��v�^�');
INSERT INTO "rollouts" VALUES(1,1,3,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�ӷcz���G���� %');
INSERT INTO "rollouts" VALUES(1,1,4,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'8FB''��W����:');
INSERT INTO "rollouts" VALUES(1,1,5,'probe',NULL,13,1,'unclosed_judge',0.0,NULL,0.0,-1.0,-1.0,0.0,6.69007402041114751511e-01,NULL,2,1,10,NULL,NULL,'(�<answer>/''</judge><think_off><answer>�m�');
INSERT INTO "rollouts" VALUES(1,2,0,'free',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'A�ط��1����h�''');
INSERT INTO "rollouts" VALUES(1,2,1,'free',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�d�����V�');
INSERT INTO "rollouts" VALUES(1,2,2,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'6��)�z��e��3��_�');
INSERT INTO "rollouts" VALUES(1,2,3,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'5�����-�IƢ�2');
INSERT INTO "rollouts" VALUES(1,2,4,'probe',NULL,16,1,'foreign_token',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,2,1,13,NULL,NULL,'�<|endoftext|>�s"���</answer>�w|�');
INSERT INTO "rollouts" VALUES(1,2,5,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'��''eW��w 6��');
INSERT INTO "rollouts" VALUES(2,0,0,'free',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'���S
�<l��w�');
INSERT INTO "rollouts" VALUES(2,0,1,'free',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�z�i���$OJ�P�q�');
INSERT INTO "rollouts" VALUES(2,0,2,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'m��n�ۤ�BVx�');
INSERT INTO "rollouts" VALUES(2,0,3,'probe',NULL,16,1,'unclosed_judge',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,3,1,12,NULL,NULL,'�<answer>6w�C�./�');
INSERT INTO "rollouts" VALUES(2,0,4,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'ұɎ�襈@�?�	'':�');
INSERT INTO "rollouts" VALUES(2,0,5,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'>�U!��e�#�#');
INSERT INTO "rollouts" VALUES(2,1,0,'free',NULL,5,1,'gate_before_judge_end',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,0,1,4,NULL,NULL,'<think_off>�,p
');
INSERT INTO "rollouts" VALUES(2,1,1,'free',NULL,16,1,'unclosed_judge',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,5,1,10,NULL,NULL,'�}��</answer>��b2m');
INSERT INTO "rollouts" VALUES(2,1,2,'probe',NULL,16,1,'gate_before_judge_end',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,5,1,10,NULL,NULL,'kD��<think_on>e���pn�wM�');
INSERT INTO "rollouts" VALUES(2,1,3,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�U��>�8���6�~�');
INSERT INTO "rollouts" VALUES(2,1,4,'probe',NULL,2,0,'unclosed_judge',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,2,0,0,NULL,NULL,'�');
INSERT INTO "rollouts" VALUES(2,1,5,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'r.''�����JP��O�');
INSERT INTO "rollouts" VALUES(2,2,0,'free',NULL,16,1,'unclosed_judge',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,0,1,15,NULL,NULL,'</answer>�}��h�u��i�');
INSERT INTO "rollouts" VALUES(2,2,1,'free',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�ږU{�smǯu1�՚');
INSERT INTO "rollouts" VALUES(2,2,2,'probe',NULL,16,1,'text_between_segments',0.0,0.5,0.0,0.0,0.0,0.0,4.72574489285308430019e-01,'on',4,1,11,NULL,NULL,'��+</judge><think_on>��z�g�r"');
INSERT INTO "rollouts" VALUES(2,2,3,'probe',NULL,16,1,'foreign_token',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,11,1,4,NULL,NULL,'�OK��3y�ܔ<|im_start|>~=��');
INSERT INTO "rollouts" VALUES(2,2,4,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'8����_8');
INSERT INTO "rollouts" VALUES(2,2,5,'probe',NULL,16,1,'truncated',0.0,NULL,0.0,-1.0,-1.0,0.0,NULL,NULL,16,0,0,NULL,NULL,'�ѯWr��Ҝo��ΰ');
CREATE TABLE runs (
  name TEXT PRIMARY KEY, created TEXT NOT NULL, seed INTEGER NOT NULL, code_version TEXT NOT NULL,
  status TEXT NOT NULL, status_detail TEXT, total_steps INTEGER, config TEXT NOT NULL, build TEXT, data_hash TEXT,
  forked_from TEXT);
INSERT INTO "runs" VALUES('v3','2026-11-29T23:05:34Z',1,'0.1.0','completed',NULL,2,'{"algorithm":{"aggregation":"segments","all_fail":"abstain","answer_baseline":"mode","clip":"ppo","clip_high":0.28,"clip_low":0.2,"counterfactual_scale":0.5,"credit":"segments","deviation_floor":0.1,"entropy_bonus":0,"eta":0.3,"gate_choice":"modes","gate_clip":"cispo","gate_entropy_bonus":0,"gate_form_weight":0,"gate_loss_weight":0.01,"gate_normaliser":"own","history_weight":0,"importance_cap":2,"judge_answer_share":0,"judge_loss_weight":0.05,"judge_reward":"hard","kappa":0.25,"kl":"none","kl_weight":0,"preset":"step-srpo","price_of_thinking":0.05,"ratio":"token","reference_checkpoint":"","settled_probability":0.97},"checkpoint":{"best_is":"highest","best_metric":"accuracy","cold_start_every":250,"every":1,"keep":3,"keep_best":1},"cold_start":{"aggregation":"tokens","batch_size":8,"by_domain":{"code":{"given_off_share":[],"level_weights":[]},"general":{"given_off_share":[],"level_weights":[]},"math":{"given_off_share":[],"level_weights":[]},"science":{"given_off_share":[],"level_weights":[]}},"files":[],"given_off_share":[],"learning_rate":1e-2,"level_weights":[2,2,1,1,1,1],"optimizer":"adamw","random_mode_share":0.01,"steps":5,"think_on_share":[0.62,0.62,0.98,1,1,1],"warmup_steps":50},"evaluation":{"every":50,"items_per_cell":1,"temperature":1},"limits":{"collapse":"warn","free_disk_megabytes":0,"invalid_formats":1,"truncated":1,"verifier_failures":0.2,"wall_time_minutes":0,"window":10},"model":{"checkpoint":"","feed_forward_size":32,"freeze":[],"frozen_precision":"f32","heads":2,"hidden_size":32,"key_value_heads":1,"layers":1,"lora":{"alpha":32,"rank":0,"target_modules":["q_proj","k_proj","v_proj","o_proj","gate_proj","up_proj","down_proj"],"use_rslora":false},"max_positions":96},"name":"","output":{"tensorboard_folder":""},"resampling":{"all_wrong_epochs":3,"enabled":true,"readmission":0.1,"rule":"mode-aware","settled_off":0.9},"rollout":{"batch_size":32,"forced_per_mode":0,"free_rollouts":2,"max_new_tokens":16,"minimum_per_mode":2,"off_budget":0,"queries_per_step":3,"sampling_rounds":1,"temperature":1,"top_p":1,"weight_precision":"f32","workers":2},"runs_folder":"runs","seed":1,"tasks":{"domains":["general"],"intent_share":0,"level_weights":[1,1,0,0,0,0],"mix":{"code":1,"easy_below":0.35,"easy_share":0,"general":1,"hard_bias":0,"math":1,"science":1},"stages":[],"suite":"primer","test_files":[],"train_files":["rows.jsonl"],"train_queries":64},"train":{"beta1":0.9,"beta2":0.95,"epsilon":1e-08,"learning_rate":0.001,"max_grad_norm":1,"micro_batch_tokens":4096,"minibatches":1,"muon_momentum":0.95,"optimizer":"adamw","recompute_activations":false,"schedule":"constant","steps":2,"warmup_steps":5,"weight_decay":0},"verification":{"classifier":"","failure_policy":"drop_sample","plugins_folder":"verifiers","sandbox_processes":2,"workers":2}}','cb66dbc3d33bfd1f','5f8ef76121d1053f',NULL);
CREATE TABLE segments (
  step INTEGER NOT NULL, group_index INTEGER NOT NULL, sample INTEGER NOT NULL,
  segment TEXT NOT NULL CHECK (segment IN ('judge', 'gate', 'answer')), tokens INTEGER NOT NULL,
  advantage REAL NOT NULL, weight REAL NOT NULL, normaliser INTEGER NOT NULL, importance REAL NOT NULL,
  ratio_min REAL NOT NULL, ratio_max REAL NOT NULL, held INTEGER NOT NULL, surrogate REAL NOT NULL,
  loss REAL NOT NULL,
  PRIMARY KEY (step, group_index, sample, segment)) WITHOUT ROWID;
INSERT INTO "segments" VALUES(1,0,0,'judge',16,-1.0,0.05,80,1.59999990463270478358e+01,1.0,1.0,0,9.99999940395440364837e-03,9.99999940395440364837e-03);
INSERT INTO "segments" VALUES(1,0,1,'gate',1,-1.0,0.01,6,1.00000047683727188996e+00,1.0,1.0,0,-7.54644515344779758664e-03,-7.54644515344779758664e-03);
INSERT INTO "segments" VALUES(1,0,1,'judge',4,-1.0,0.05,80,4.00000000000022737367e+00,1.0,1.0,0,2.50000000000014229936e-03,2.50000000000014229936e-03);
INSERT INTO "segments" VALUES(1,0,2,'judge',16,-1.0,0.05,80,1.60000004768379540105e+01,1.0,1.0,0,1.00000002980237222283e-02,1.00000002980237222283e-02);
INSERT INTO "segments" VALUES(1,0,4,'judge',16,-1.0,0.05,80,1.60000000000006821205e+01,1.0,1.0,0,1.00000000000004286848e-02,1.00000000000004286848e-02);
INSERT INTO "segments" VALUES(1,0,5,'gate',1,-1.0,0.01,6,1.0,1.0,1.0,0,-1.00740567843119310093e-02,-1.00740567843119310093e-02);
INSERT INTO "segments" VALUES(1,0,5,'judge',2,-1.0,0.05,80,2.00000000000022737367e+00,1.0,1.0,0,1.2500000000001420565e-03,1.2500000000001420565e-03);
INSERT INTO "segments" VALUES(1,1,0,'judge',16,-1.0,0.05,80,1.60000014305120430435e+01,1.0,1.0,0,1.000000089407002829e-02,1.000000089407002829e-02);
INSERT INTO "segments" VALUES(1,1,1,'gate',1,-1.0,0.01,6,1.0,1.0,1.0,0,-1.11035537719726563193e-02,-1.11035537719726563193e-02);
INSERT INTO "segments" VALUES(1,1,1,'judge',12,-1.0,0.05,80,1.19999990463261383409e+01,1.0,1.0,0,7.49999940395383677543e-03,7.49999940395383677543e-03);
INSERT INTO "segments" VALUES(1,1,2,'judge',16,-1.0,0.05,80,1.5999996185304098617e+01,1.0,1.0,0,9.99999761581506219076e-03,9.99999761581506219076e-03);
INSERT INTO "segments" VALUES(1,1,3,'judge',16,-1.0,0.05,80,1.60000023841870415704e+01,1.0,1.0,0,0.0100000014901169,0.0100000014901169);
INSERT INTO "segments" VALUES(1,1,4,'judge',16,-1.0,0.05,80,1.59999990463261383406e+01,1.0,1.0,0,9.99999940395383812852e-03,9.99999940395383812852e-03);
INSERT INTO "segments" VALUES(1,1,5,'gate',1,-1.0,0.01,6,1.0,1.0,1.0,0,-0.0091638978322347,-0.0091638978322347);
INSERT INTO "segments" VALUES(1,1,5,'judge',2,-1.0,0.05,80,2.0,1.0,1.0,0,0.00125,0.00125);
INSERT INTO "segments" VALUES(1,2,0,'judge',16,-1.0,0.05,80,1.6000001430512725165e+01,1.0,1.0,0,1.00000008940704550319e-02,1.00000008940704550319e-02);
INSERT INTO "segments" VALUES(1,2,1,'judge',16,-1.0,0.05,80,1.60000014305131799119e+01,1.0,1.0,0,1.00000008940707360571e-02,1.00000008940707360571e-02);
INSERT INTO "segments" VALUES(1,2,2,'judge',16,-1.0,0.05,80,1.59999971389786423969e+01,1.0,1.0,0,9.99999821186165101238e-03,9.99999821186165101238e-03);
INSERT INTO "segments" VALUES(1,2,3,'judge',16,-1.0,0.05,80,1.59999995231638649784e+01,1.0,1.0,0,9.99999970197741616662e-03,9.99999970197741616662e-03);
INSERT INTO "segments" VALUES(1,2,4,'gate',1,-1.0,0.01,6,1.0,1.0,1.0,0,-7.34769344329834050294e-03,-7.34769344329834050294e-03);
INSERT INTO "segments" VALUES(1,2,4,'judge',2,-1.0,0.05,80,1.99999904632591096742e+00,1.0,1.0,0,1.249999403953694398e-03,1.249999403953694398e-03);
INSERT INTO "segments" VALUES(1,2,5,'judge',16,-1.0,0.05,80,1.5999999046327275209e+01,1.0,1.0,0,0.00999999940395455,0.00999999940395455);
INSERT INTO "segments" VALUES(2,0,0,'judge',16,-1.0,0.05,53,1.60000019073495423072e+01,1.0,1.0,0,1.50943414220278682158e-02,1.50943414220278682158e-02);
INSERT INTO "segments" VALUES(2,0,1,'judge',16,-1.0,0.05,53,1.59999990463268204621e+01,1.0,1.0,0,1.50943387229498290208e-02,1.50943387229498290208e-02);
INSERT INTO "segments" VALUES(2,0,2,'judge',16,-1.0,0.05,53,1.59999985694895485721e+01,1.0,1.0,0,1.5094338273103347775e-02,1.5094338273103347775e-02);
INSERT INTO "segments" VALUES(2,0,3,'gate',1,-1.0,0.01,7,9.99999523162955483712e-01,1.0,1.0,0,-0.00802308108727721,-0.00802308108727721);
INSERT INTO "segments" VALUES(2,0,3,'judge',3,-1.0,0.05,53,2.99999904632591096742e+00,1.0,1.0,0,2.83018777955274620714e-03,2.83018777955274620714e-03);
INSERT INTO "segments" VALUES(2,0,4,'judge',16,-1.0,0.05,53,1.60000009536752259005e+01,1.0,1.0,0,1.50943405223351173605e-02,1.50943405223351173605e-02);
INSERT INTO "segments" VALUES(2,0,5,'judge',16,-1.0,0.05,53,1.59999985694895485721e+01,1.0,1.0,0,1.5094338273103347775e-02,1.5094338273103347775e-02);
INSERT INTO "segments" VALUES(2,1,0,'gate',1,-1.0,0.01,7,9.99999523162955483712e-01,1.0,1.0,0,-7.42664459865266437382e-03,-7.42664459865266437382e-03);
INSERT INTO "segments" VALUES(2,1,1,'gate',1,-1.0,0.01,7,1.0,1.0,1.0,0,-8.07769979749407146529e-03,-8.07769979749407146529e-03);
INSERT INTO "segments" VALUES(2,1,1,'judge',5,-1.0,0.05,53,5.00000143051204304356e+00,1.0,1.0,0,4.716982481615134698e-03,4.716982481615134698e-03);
INSERT INTO "segments" VALUES(2,1,2,'gate',1,-1.0,0.01,7,9.99999523162955483712e-01,1.0,1.0,0,-9.42890671305229161047e-03,-9.42890671305229161047e-03);
INSERT INTO "segments" VALUES(2,1,2,'judge',5,-1.0,0.05,53,4.99999952316295548371e+00,1.0,1.0,0,4.71698068222920277592e-03,4.71698068222920277592e-03);
INSERT INTO "segments" VALUES(2,1,3,'judge',16,-1.0,0.05,53,1.59999985694895485721e+01,1.0,1.0,0,1.50943382731033495097e-02,1.50943382731033495097e-02);
INSERT INTO "segments" VALUES(2,1,4,'judge',2,-1.0,0.05,53,2.0,1.0,1.0,0,1.88679245283018869397e-03,1.88679245283018869397e-03);
INSERT INTO "segments" VALUES(2,1,5,'judge',16,-1.0,0.05,53,1.6000000476838181385e+01,1.0,1.0,0,1.50943400724888494857e-02,1.50943400724888494857e-02);
INSERT INTO "segments" VALUES(2,2,0,'gate',1,-1.0,0.01,7,1.0,1.0,1.0,0,-8.93879073006766111664e-03,-8.93879073006766111664e-03);
INSERT INTO "segments" VALUES(2,2,1,'judge',16,-1.0,0.05,53,1.60000000000011368683e+01,1.0,1.0,0,1.50943396226425816109e-02,1.50943396226425816109e-02);
INSERT INTO "segments" VALUES(2,2,3,'gate',1,-1.0,0.01,7,1.0,1.0,1.0,0,-7.82665388924734875542e-03,-7.82665388924734875542e-03);
INSERT INTO "segments" VALUES(2,2,3,'judge',11,-1.0,0.05,53,1.1000001430512270417e+01,1.0,1.0,0,1.03773598401059145845e-02,1.03773598401059145845e-02);
INSERT INTO "segments" VALUES(2,2,4,'judge',16,-1.0,0.05,53,1.59999990463263657152e+01,1.0,1.0,0,0.0150943387229494,0.0150943387229494);
INSERT INTO "segments" VALUES(2,2,5,'judge',16,-1.0,0.05,53,1.59999976158156869136e+01,1.0,1.0,0,1.50943373734110253964e-02,1.50943373734110253964e-02);
CREATE TABLE steps (step INTEGER PRIMARY KEY, groups INTEGER NOT NULL, rollouts INTEGER NOT NULL);
INSERT INTO "steps" VALUES(1,3,18);
INSERT INTO "steps" VALUES(2,3,18);
CREATE TABLE verdicts (
  step INTEGER NOT NULL, group_index INTEGER NOT NULL, sample INTEGER NOT NULL, verifier TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('score', 'abstain', 'failed')), score REAL, extracted TEXT, outcome TEXT,
  reason TEXT, failure TEXT, metrics TEXT,
  PRIMARY KEY (step, group_index, sample, verifier)) WITHOUT ROWID;
CREATE INDEX groups_by_query ON groups (query, step);
COMMIT;
