import type { frame as en } from '../en/frame.js';
import type { In } from '../index.js';

/** What stands around every page: languages, themes, the connection, signing in; and what dialogs and forms have in common. */
export const frame: In<typeof en> = {
  'language.name': '한국어',
  'brand.name': 'Jackfield',

  'header.language': '언어',
  'header.theme': '테마',
  'theme.system': '시스템 설정에 맞춤',
  'theme.light': '밝게',
  'theme.dark': '어둡게',
  'theme.contrast': '고대비',
  'header.ring.silence': '벨소리 끄기',
  'header.user': '{name} 님으로 로그인됨',
  'header.clean': '배경 소음 제거',
  'header.signOut': '로그아웃',

  'connection.signedOut': '로그아웃됨',
  'connection.connecting': '연결 중',
  'connection.ready': '연결됨',
  'connection.reconnecting': '다시 연결 중',
  'connection.closed': '세션 종료',
  'connection.lost': '게이트웨이와의 연결이 끊겼습니다. 통화는 게이트웨이에서 유지되며, 작성한 내용은 연결이 복구되면 전송됩니다.',
  'connection.retryIn': '다음 시도까지',
  'connection.ended': '세션이 종료되었습니다.',
  'connection.signedOutBy': '{name} 님이 이 계정을 로그아웃했습니다. 진행 중이던 통화와 채팅은 함께 있던 상담사에게 넘어가거나 대기열의 원래 순서로 돌아갑니다.',
  'connection.again': '다시 연결',
  'connection.unreachable': '게이트웨이가 아직 응답하지 않습니다.',
  'voice.failed': '음성을 사용할 수 없습니다. 브라우저 또는 네트워크가 음성 연결을 맺지 못했습니다. 채팅은 사용할 수 있습니다. 게이트웨이로의 UDP가 열려 있는지 확인하세요.',
  'voice.reconnecting': '음성 연결이 끊겨 다시 연결하는 중입니다.',

  'signIn.title': '상담사 데스크톱',
  'signIn.titleSupervisor': '관리자',
  'signIn.lead': '음성, 채팅, 상태를 한 화면에서. 이 데모에서 사용할 사용자를 선택하세요.',
  'signIn.as': '{name} 님으로 로그인',
  'signIn.agent': '상담사',
  'signIn.supervisor': '관리자',
  'signIn.connecting': '{name} 님으로 로그인하는 중 …',
  'signIn.other': '다른 사용자 선택',
  'signIn.footnote': '데모 사용자이므로 비밀번호를 묻지 않습니다. 실제 앱에서는 자체 로그인에서 토큰을 발급합니다.',

  'form.save': '저장',
  'form.add': '추가',
  'form.cancel': '취소',

  'dialog.close': '닫기',
};
