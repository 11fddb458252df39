// The smallest whole application: one button that calls a queue, one that hangs up, one line that says how it goes.
import { connect, JackfieldError } from 'jackfield';

const call = document.querySelector('#call');
const end = document.querySelector('#end');
const status = document.querySelector('#status');

/** A provider's back end gives the token (`POST /v1/tenants/…/customer-tokens`); the demo gateway has a door of its own for it. */
async function token() {
  const answer = await fetch('/demo/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'A visitor' }),
  });
  if (!answer.ok) throw new Error(`the token service answered ${answer.status}`);
  return (await answer.json()).token;
}

call.addEventListener('click', async () => {
  call.disabled = true;
  try {
    // Signing in when the button is pressed costs nobody anything who only reads the page.
    const session = await connect({ gateway: location.origin, token });
    session.on('positionChanged', ({ position }) => (status.textContent = `You are number ${position} in line.`));
    session.on('participantJoined', ({ participant }) => (status.textContent = `You are talking to ${participant.name}.`));
    session.on('closed', ({ error }) => error && (status.textContent = error.message));
    session.on('conversationRemoved', async () => {
      status.textContent = 'Thank you for calling.';
      end.hidden = true;
      call.disabled = false;
      await session.close();
    });
    const conversation = await session.start({ queueId: 'support', channel: 'voice' });
    status.textContent = 'Calling…';
    end.hidden = false;
    end.onclick = () => conversation.end();
  } catch (error) {
    status.textContent = error instanceof JackfieldError ? error.message : String(error);
    call.disabled = false;
  }
});
